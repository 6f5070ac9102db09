// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temporary_folder.hpp"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <stdlib.h>

namespace support {

TemporaryFolder::TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "isochrone-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::system_error{errno, std::generic_category(), name};
    }
    folder_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string TemporaryFolder::path(std::string_view name) const {
    return (folder_ / name).string();
}

std::string TemporaryFolder::write(std::string_view name, std::string_view text) const {
    auto file_path = path(name);
    std::ofstream file{file_path, std::ios::binary | std::ios::trunc};
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) throw std::runtime_error{"cannot write " + file_path};
    return file_path;
}

std::string TemporaryFolder::write(std::string_view name,
                                   std::span<const std::uint8_t> octets) const {
    return write(name, std::string{octets.begin(), octets.end()});
}

}  // namespace support
