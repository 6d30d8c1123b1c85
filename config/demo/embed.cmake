# SPDX-License-Identifier: EUPL-1.2
# Writes OUT, a source that holds every text of DIR (model/demo/texts.hpp).
file(GLOB scripts ${DIR}/*.txt)
list(SORT scripts)
set(rows "")
foreach(script ${scripts})
  get_filename_component(name ${script} NAME_WE)
  # One literal a file: the texts hold no )txt" sequence. Brackets and semicolons are kept from CMake's lists.
  file(READ ${script} text)
  string(APPEND rows "    {\"${name}\", R\"txt(${text})txt\"},\n")
endforeach()
file(WRITE ${OUT}.new "#include \"model/demo/texts.hpp\"\nnamespace relais::model::demo {\nnamespace {\nconstexpr text_file all[] = {\n${rows}};\n}\nstd::span<const text_file> text_files() { return all; }\n}\n")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
