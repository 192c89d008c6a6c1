package io.maestro.rego.trace;

import io.maestro.rego.error.Location;
import io.maestro.rego.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Is told what an evaluation does, in its thread. It should be quick. */
@ConsumerType
public interface Observer {
    /** A goal begins. */
    void enter(Location at);

    /** A goal held, once for each way in which it does. */
    void held(Location at);

    /** A rule begins to be evaluated. */
    void rule(String name, Location at);

    /** What a policy prints. */
    void print(String text);

    /** All definitions under one path begin to be tried. */
    default void begins(String rule) {}

    /** And have been: what {@link #begins} last and did not end yet. */
    default void ends(String rule) {}

    /** A rule is needed whose value is known from before. */
    default void known(String rule) {}

    /** A definition gave a value: its own, or one member of what its rule collects. */
    default void gave(String rule, Location at, Value value) {}

    /**
     * A place of the input was read, as it was given: not of what {@code with} puts in its place.
     *
     * @param value null when nothing is there
     */
    default void read(List<Value> path, @Nullable Value value) {}

    /** Two values were compared, or one was looked for in the other. */
    default void compared(Value one, Value other) {}
}
