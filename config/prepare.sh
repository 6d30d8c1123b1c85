# SPDX-License-Identifier: EUPL-1.2
# Shared by ./run and ./test: installs what Relais needs on Debian 12, builds the front end's assets, builds a preset.

build_packages="g++ cmake ninja-build ccache mold pkg-config ca-certificates tzdata
  libboost-dev libsoci-dev libmariadb-dev libmysqlcppconn-dev libsqlite3-dev nlohmann-json3-dev libtomlplusplus-dev libcli11-dev
  libspdlog-dev prometheus-cpp-dev libsodium-dev libphonenumber-dev libprotobuf-dev libhowardhinnant-date-dev libxapian-dev libstemmer-dev
  libgmime-3.0-dev libxlsxwriter-dev libcurl4-openssl-dev libkainjow-mustache-dev libssl-dev libicu-dev libjemalloc-dev zlib1g-dev catch2"
test_packages="mariadb-server clamav-daemon mariadb-client chromium curl strace openssl clang libclang-rt-14-dev clang-format clang-tidy sqlite3 procps fonts-dejavu-core libvalijson-dev poppler-utils unzip
  libreoffice-calc-nogui" # 70 MB, some fifteen seconds: opens the workbook as its readers do

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    say "Relais needs packages that are not installed, and neither root nor sudo is at hand: $*"; exit 1
  fi
}

# Installs the packages that are missing, and Node only where there is none (a newer Node brings its own npm).
install_packages() {
  local missing=""
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  command -v node >/dev/null || missing="$missing nodejs"
  command -v npm >/dev/null || missing="$missing npm"
  [ -z "$missing" ] && return
  say "Installing:$missing"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# node_modules follows the lock file; build/assets follows node_modules and templates/assets.
build_assets() {
  if [ ! -e node_modules/.relais ] || [ package-lock.json -nt node_modules/.relais ]; then
    say "Fetching the front end's dependencies"
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    touch node_modules/.relais
  fi
  npm run --silent build
}

# build_preset PRESET [TARGET...]
build_preset() {
  local preset="$1"; shift
  [ -e "build/$preset/build.ninja" ] || cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
