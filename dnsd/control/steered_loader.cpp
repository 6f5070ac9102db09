// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/steered_loader.hpp"

namespace control {

zones::Catalog SteeredLoader::load(geo::Problems& problems) {
    loaded_ = loader_.load(problems);
    if (!steering_) return loaded_;
    steering_->forget_places();
    learn(problems);
    return steering_->over(loaded_);
}

std::optional<zones::Catalog> SteeredLoader::steer(geo::Problems& problems) {
    if (!steering_ || !steering_->due(Steering::Clock::now())) return std::nullopt;
    learn(problems);
    return steering_->over(loaded_);
}

/// The maps of clients that were not measured follow the model at their own, slow pace.
void SteeredLoader::learn(geo::Problems& problems) {
    const auto now = Steering::Clock::now();
    const auto before = steering_->base_generation();
    steering_->learn(loaded_, now);
    if (steering_->rebase_due(now)) steering_->rebase(now);
    if (steering_->base_generation() == before) return;
    loader_.measure_by([this](const zones::Zone& zone) { return steering_->base_of(zone); },
                       steering_->base_generation());
    loaded_ = loader_.remake(problems);
}

}  // namespace control
