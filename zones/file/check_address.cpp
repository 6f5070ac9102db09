// SPDX-License-Identifier: Apache-2.0
#include "zones/file/check_address.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace zones {
namespace {

constexpr std::string_view address_mark = "{address}";

}  // namespace

bool asks_addresses(const probes::Check& check) {
    if (check.kind != probes::Check::Kind::Command) return check.kind != probes::Check::Kind::File;
    if (check.command.empty()) return true;  // a fault, which has been told
    return std::any_of(check.command.begin() + 1, check.command.end(), [](const auto& word) {
        return word.find(address_mark) != std::string::npos;
    });
}

probes::Check asking(probes::Check check, const geo::Address& address) {
    if (check.kind != probes::Check::Kind::Command) {
        check.address = address;
        return check;
    }
    const auto text = geo::to_text(address);
    for (auto word = check.command.begin() + 1; word != check.command.end(); ++word) {
        for (std::size_t at = 0; (at = word->find(address_mark, at)) != std::string::npos;) {
            word->replace(at, address_mark.size(), text);
            at += text.size();
        }
    }
    return check;
}

}  // namespace zones
