// SPDX-License-Identifier: Apache-2.0
// In place of libFuzzer: runs a target over the files and folders that are named, in their order.
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
    if (!fs::is_directory(path)) return {path};
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator{path}) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

void replay(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    const std::vector<char> text{std::istreambuf_iterator<char>{file}, {}};
    // A copy of exactly its size, so that a read past its end is one past an allocation.
    const std::vector<std::uint8_t> octets(text.begin(), text.end());
    LLVMFuzzerTestOneInput(octets.data(), octets.size());
}

}  // namespace

int main(int count, char** words) {
    std::size_t replayed = 0;
    for (int i = 1; i < count; ++i) {
        for (const auto& path : files_of(words[i])) {
            try {
                replay(path);
            } catch (const std::exception& escaped) {
                std::fprintf(stderr, "%s: %s\n", path.c_str(), escaped.what());
                return 1;
            }
            ++replayed;
        }
    }
    std::printf("%zu files\n", replayed);
    return replayed > 0 ? 0 : 1;
}
