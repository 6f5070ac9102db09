// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/reloads.hpp"

namespace control {

void Reloads::begun(Action action) noexcept {
    switch (action) {
        case Action::Nothing:
            return;
        case Action::Gather:
            asked_ = Asked::Gathering;
            return;
        case Action::LoadChanges:
        case Action::LoadEverything:
            asked_ = Asked::Nothing;
            loading_ = true;
    }
}

Reloads::Action Reloads::signal() noexcept {
    if (asked_ == Asked::Gathering) return Action::Nothing;
    asked_ = Asked::Everything;  // should gathering not begin, the next look obeys
    return Action::Gather;
}

Reloads::Action Reloads::gathered() noexcept {
    asked_ = Asked::Everything;
    return loading_ ? Action::Nothing : Action::LoadEverything;
}

Reloads::Action Reloads::tick() noexcept {
    if (loading_ || asked_ == Asked::Gathering) return Action::Nothing;
    return asked_ == Asked::Everything ? Action::LoadEverything : Action::LoadChanges;
}

Reloads::Action Reloads::taken() noexcept {
    loading_ = false;
    return asked_ == Asked::Everything ? Action::LoadEverything : Action::Nothing;
}

void Reloads::not_taken() noexcept {
    loading_ = false;
    if (asked_ == Asked::Nothing) asked_ = Asked::Everything;
}

}  // namespace control
