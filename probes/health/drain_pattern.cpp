// SPDX-License-Identifier: Apache-2.0
#include "probes/health/drain_pattern.hpp"

#include <algorithm>
#include <string>

#include <fnmatch.h>

namespace probes {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string plain_zone(std::string_view zone) {
    if (zone.ends_with('.')) zone.remove_suffix(1);
    std::string plain{zone};
    std::ranges::transform(plain, plain.begin(), lower);
    return plain;
}

bool glob(const std::string& pattern, const std::string& text) {
    return fnmatch(pattern.c_str(), text.c_str(), FNM_NOESCAPE) == 0;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view zone, std::string_view edge) {
    const auto slash = pattern.rfind('/');
    if (slash == std::string_view::npos) return glob(std::string{pattern}, std::string{edge});
    return glob(plain_zone(pattern.substr(0, slash)), plain_zone(zone)) &&
           glob(std::string{pattern.substr(slash + 1)}, std::string{edge});
}

}  // namespace probes
