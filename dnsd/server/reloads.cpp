// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/reloads.hpp"

namespace control {

void Reloads::begun(Action action) noexcept {
    switch (action) {
        case Action::Nothing:
            return;
        case Action::Gather:
            owed_ = Owed::Gathering;
            return;
        case Action::LoadChanges:
        case Action::LoadEverything:
            owed_ = Owed::Nothing;
            loading_ = true;
    }
}

Reloads::Action Reloads::signal() noexcept {
    if (owed_ == Owed::Gathering) return Action::Nothing;
    owed_ = Owed::Everything;  // should gathering not begin, the next look obeys
    return Action::Gather;
}

Reloads::Action Reloads::gathered() noexcept {
    owed_ = Owed::Everything;
    return loading_ ? Action::Nothing : Action::LoadEverything;
}

Reloads::Action Reloads::tick() noexcept {
    if (loading_ || owed_ == Owed::Gathering) return Action::Nothing;
    return owed_ == Owed::Everything ? Action::LoadEverything : Action::LoadChanges;
}

Reloads::Action Reloads::taken() noexcept {
    loading_ = false;
    return owed_ == Owed::Everything ? Action::LoadEverything : Action::Nothing;
}

void Reloads::not_taken() noexcept {
    loading_ = false;
    if (owed_ == Owed::Nothing) owed_ = Owed::Everything;
}

}  // namespace control
