# SPDX-License-Identifier: EUPL-1.2
# Writes OUT, a source that holds every migration of DIR as text.
file(GLOB scripts ${DIR}/*.sql)
list(SORT scripts)
set(rows "")
foreach(script ${scripts})
  get_filename_component(name ${script} NAME_WE)
  string(REGEX MATCH "^[0-9]+" number ${name})
  math(EXPR version "1${number} - 1000")
  file(READ ${script} text)
  string(APPEND rows "    {${version}, \"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(WRITE ${OUT}.new "#include \"model/migrations.hpp\"\n#include <vector>\nnamespace relais::model {\nstd::span<const migration> migrations() {\n  static const std::vector<migration> all = {\n${rows}  };\n  return all;\n}\n}\n")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
