// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/footprint.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace soak {
namespace {

std::size_t entries(const std::filesystem::path& folder) {
    const std::filesystem::directory_iterator all{folder};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

Footprint footprint_of(pid_t process) {
    const std::filesystem::path folder{"/proc/" + std::to_string(process)};
    std::size_t size = 0, resident = 0;  // pages
    std::ifstream statm{folder / "statm"};
    if (!(statm >> size >> resident)) throw std::runtime_error{"the server has ended"};
    return {resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), entries(folder / "fd"),
            entries(folder / "task")};
}

}  // namespace soak
