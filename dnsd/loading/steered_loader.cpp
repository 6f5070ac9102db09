// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/steered_loader.hpp"

namespace control {

zones::Catalog SteeredLoader::load(geo::Problems& problems) {
    if (!steering_) return loader_.load(problems);
    // Learns by the zones as they are now, not as before: if edges have moved to other addresses,
    // nobody would seem to measure them.
    if (loader_.read(problems) == PolicyMaps::DatabaseNews::Changed) steering_->forget_places();
    learn();
    return serve(problems);
}

std::optional<zones::Catalog> SteeredLoader::steer(geo::Problems& problems) {
    if (!steering_ || !steering_->due(Steering::Clock::now())) return std::nullopt;
    const auto before = steering_->base_generation();
    learn();
    return steering_->base_generation() == before ? steering_->over(loaded_) : serve(problems);
}

/// The maps for clients that are not measured follow the model at their own, slow pace.
void SteeredLoader::learn() {
    const auto now = Steering::Clock::now();
    steering_->learn(loader_.zone(steering_->zone()), now);
    if (steering_->rebase_due(now)) steering_->rebase(now);
}

zones::Catalog SteeredLoader::serve(geo::Problems& problems) {
    loader_.measure_by([this](const zones::Zone& zone) { return steering_->base_of(zone); },
                       steering_->base_generation());
    loaded_ = loader_.serve(problems);
    return steering_->over(loaded_);
}

}  // namespace control
