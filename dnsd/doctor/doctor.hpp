// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone doctor`: asks everything that an operator would look at by hand, all at once, and says
// what to do about each fault. Changes nothing.

#include "dnsd/config/config.hpp"
#include "dnsd/doctor/finding.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

#include <cstddef>
#include <vector>

namespace doctor {

constexpr std::size_t most_queries = 200;

struct Wishes {
    std::vector<net::Endpoint> resolvers{};  // empty: those of /etc/resolv.conf
    std::vector<net::Endpoint> parents{};  // servers of the parent; empty: the resolver finds them
    bool machine = true;                   // looks at this machine and its server too
};

struct Examined {
    Findings findings{};
    std::size_t queries = 0;  // of DNS, at most most_queries
};

/// Examines the zones, and the machine. Takes less than 10 s, whatever hangs but the disk.
[[nodiscard]] Examined examine(const control::Config& config, const zones::Catalog& catalog,
                               const Wishes& wishes);

/// Returns a row for each problem that `isochrone check` tells, or one that says there are none.
[[nodiscard]] Findings judge_files(const geo::Problems& problems);

}  // namespace doctor
