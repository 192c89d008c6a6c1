package io.maestro.rego.eval;

import io.maestro.rego.error.Location;
import io.maestro.rego.trace.Observer;

/** Tells an observer of a goal: before it, and after it each time that it holds. */
final class Telling extends Step {
    private final Location at;
    private final boolean held;
    private final Step next;

    Telling(Location at, boolean held, Step next) {
        this.at = at;
        this.held = held;
        this.next = next;
    }

    @Override
    boolean run(Frame frame) {
        Observer observer = frame.context.observer();
        if (observer != null) {
            if (held) {
                observer.held(at);
            } else {
                observer.enter(at);
            }
        }
        return next.run(frame);
    }
}
