// SPDX-License-Identifier: Apache-2.0
// What a target answers to a check of HTTP: it is read to an end, and the same in pieces of any size.
// The first octet of the input is the size of the pieces.
#include "probes/check/http_answer.hpp"

#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <string_view>

namespace {

constexpr std::size_t most_of_body = 64;

probes::HttpAnswer read(std::string_view octets, std::size_t piece) {
    probes::HttpAnswer answer{most_of_body};
    for (std::size_t at = 0; at < octets.size(); at += piece) {
        answer.feed(octets.substr(at, piece));
        fuzz::expect(answer.body().size() <= most_of_body, "no more of a body is kept");
    }
    answer.end();
    return answer;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using Stage = probes::HttpAnswer::Stage;
    if (size == 0) return 0;
    const auto text = fuzz::text_of({data + 1, size - 1});
    const auto whole = read(text, std::max<std::size_t>(1, text.size()));
    const auto apart = read(text, std::size_t{data[0]} % 16 + 1);
    fuzz::expect(whole.stage() == Stage::Done || whole.stage() == Stage::Bad, "it has an end");
    fuzz::expect(whole.stage() == apart.stage(), "pieces end alike");
    fuzz::expect(whole.status() == apart.status(), "pieces have one status");
    fuzz::expect(whole.body() == apart.body(), "pieces have one body");
    fuzz::expect(whole.fault() == apart.fault(), "pieces have one fault");
    fuzz::expect((whole.stage() == Stage::Bad) == !whole.fault().empty(), "a fault has words");
    return 0;
}
