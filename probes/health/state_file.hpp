// SPDX-License-Identifier: Apache-2.0
#pragma once
// What survives a restart: the states of targets, drains by hand, the words on drains that nodes
// tell each other, and what several nodes last agreed on. The file is text, one record per line.
// Instants are written as ages in milliseconds before the writing, because the clock that measures
// them does not survive:
//
//   isochrone-state 1
//   written SINCE_BOOT BOOT_ID WALL                         times in seconds
//   target up|down|unknown AGE HELD DOWN,DOWN,… KEY         HELD: time left; "-": none
//   drain ZONE EDGE AGE LEFT                                LEFT: "-": without an end
//   here ZONE EDGE AGE LEFT                                 the same, at this node alone
//   word ZONE EDGE SAID UNTIL                               as in drain_record.hpp; "-": never
//   agreed ZONE EDGE up|down yes|no AGE ASKED               yes: home did not answer behind it;
//                                                           ASKED: the digest of its check
//   end
//
// Fields are printable. Blanks, "%" and all that is not printable ASCII are escaped, a blank as
// %20; an empty field is "-".

#include "geo/base/moment.hpp"
#include "probes/check/tracker.hpp"
#include "probes/health/drain_record.hpp"
#include "probes/health/quorum.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probes {

/// The nodes at which an edge is drained.
enum class DrainReach : std::uint8_t { AllNodes, ThisNode };

struct Drain {
    std::string zone;
    std::string edge;
    Time since;
    std::optional<Time> until;  // nothing: until somebody ends it
    DrainReach reach = DrainReach::AllNodes;
};

struct SavedAgreement {
    std::string zone;
    LastAgreed last;
};

struct SavedState {
    std::vector<SavedTarget> targets;
    std::vector<Drain> drains;
    std::vector<SavedAgreement> agreements{};
    std::vector<DrainRecord> words{};
};

[[nodiscard]] std::string write_state(const SavedState& state, const Moment& at);

/// Reads any octets. A damaged line is skipped, and `fault` says so in a sentence; `fault` is empty
/// when all is well. Targets and agreements are left out when the file was written more than
/// `max_age` ago or its age is unknown; these targets are then unknown. Drains are an operator's
/// will and stay until their end has passed; when the age is unknown, no time has passed for them.
[[nodiscard]] SavedState read_state(std::string_view text, const Moment& at,
                                    std::chrono::seconds max_age, std::string& fault);

}  // namespace probes
