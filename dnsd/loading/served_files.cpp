// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/served_files.hpp"

#include "dnsd/rights/access.hpp"
#include "dnsd/threads/cpus.hpp"

namespace control {

void ServedFiles::load(Scope scope, Loaded& loaded) {
    const bool everything = scope == Scope::Everything;
    try {
        if (everything) loader_.forget_states();
        if (everything || loader_.changed()) {
            run_giving_way([&] { loaded.catalog = loader_.load(loaded.problems); });
            loaded.alarms = loader_.alarms();
        }
        if (cookie_file_.named() && (everything || cookie_file_.changed()))
            loaded.secrets = cookie_file_.load(loaded.problems);
        explain_denials(loaded.problems);
    } catch (...) {  // no memory, say: what is served stays
        loader_.forget_states();
        loaded.catalog = std::nullopt;
        throw;
    }
}

}  // namespace control
