// SPDX-License-Identifier: Apache-2.0
#pragma once
// From files and from what nodes have measured to the zones as they are served. Slow: all of it
// belongs to the background thread, from the first load on.

#include "dnsd/loading/loader.hpp"
#include "dnsd/steering/steering.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

#include <optional>
#include <vector>

namespace control {

class SteeredLoader {
 public:
    /// Without `steering` zones are served as they are loaded.
    SteeredLoader(Loader loader, std::optional<Steering> steering)
        : loader_{std::move(loader)}, steering_{std::move(steering)} {}

    /// As Loader::load.
    [[nodiscard]] zones::Catalog load(geo::Problems& problems);
    [[nodiscard]] bool changed() { return loader_.changed(); }
    void forget_states() { loader_.forget_states(); }
    void keep_in(KeptZones& kept) { loader_.keep_in(kept); }
    [[nodiscard]] const std::vector<Alarm>& alarms() const noexcept { return loader_.alarms(); }

    /// Null where nothing is measured.
    [[nodiscard]] Steering* steering() noexcept { return steering_ ? &*steering_ : nullptr; }
    /// The zones by what is known now; nothing while nothing is due.
    [[nodiscard]] std::optional<zones::Catalog> steer(geo::Problems& problems);

 private:
    void learn();
    [[nodiscard]] zones::Catalog serve(geo::Problems& problems);

    Loader loader_;
    std::optional<Steering> steering_;
    zones::Catalog loaded_;  // without what is laid over
};

}  // namespace control
