// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/config/read_config.hpp"

#include "tests/support/temporary_folder.hpp"

namespace support {

ReadConfig read_config(std::string_view text) {
    const TemporaryFolder folder;
    ReadConfig result;
    const auto path = folder.write("isochrone.json", text);
    result.folder = path.substr(0, path.find_last_of('/'));
    result.config = control::load_config(path, result.problems);
    return result;
}

}  // namespace support
