// SPDX-License-Identifier: Apache-2.0
// A file of TSIG keys: it has faults, or keys that sign and verify.
#include "dnsd/transfer/requests.hpp"
#include "dnsd/tsig/keys.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "tests/fuzz/target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    geo::Problems problems;
    const auto keys = transfer::read_keys(fuzz::text_of({data, size}), "nodes.key", problems);
    fuzz::expect(keys.has_value() != geo::any_fault(problems), "a file is refused with a reason");
    if (!keys) return 0;
    const auto& key = keys->first();
    fuzz::expect(keys->find(key.name) != nullptr, "a key is found by its name");
    auto message = transfer::axfr_query(key.name, 7);
    transfer::TsigChain{key}.sign(message, 1'700'000'000);
    fuzz::expect(
        transfer::TsigChain{key}.verify(message, 1'700'000'000) == transfer::TsigFault::None,
        "what is signed is verified");
    return 0;
}
