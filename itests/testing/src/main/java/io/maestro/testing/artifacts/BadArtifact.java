package io.maestro.testing.artifacts;

import java.util.function.Supplier;

/**
 * An artifact that must be refused.
 *
 * @param what what is wrong with it, in a few words
 * @param code the code of the problem that refuses it
 * @param bytes makes its bytes, anew each time
 */
public record BadArtifact(String what, String code, Supplier<byte[]> bytes) {
    @Override
    public String toString() {
        return what;
    }
}
