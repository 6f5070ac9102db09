// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/steered_loader.hpp"

namespace control {

zones::Catalog SteeredLoader::load(geo::Problems& problems) {
    loaded_ = loader_.load(problems);
    if (!steering_) return loaded_;
    const auto now = Steering::Clock::now();
    steering_->forget_places();
    steering_->learn(loaded_, now);
    if (steering_->rebase_due(now)) rebase(problems);
    return steering_->over(loaded_);
}

std::optional<zones::Catalog> SteeredLoader::steer(geo::Problems& problems) {
    const auto now = Steering::Clock::now();
    if (!steering_ || !steering_->due(now)) return std::nullopt;
    steering_->learn(loaded_, now);
    if (steering_->rebase_due(now)) rebase(problems);
    return steering_->over(loaded_);
}

/// The maps of clients that were not measured follow the model at their own, slow pace.
void SteeredLoader::rebase(geo::Problems& problems) {
    steering_->rebase(Steering::Clock::now());
    loader_.measure_by([this](const zones::Zone& zone) { return steering_->base_of(zone); },
                       steering_->base_generation());
    loaded_ = loader_.load(problems);
}

}  // namespace control
