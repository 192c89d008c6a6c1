package io.maestro.residency;

import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.model.Digest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A storage instance as it is now.
 *
 * @param definition what it is one of
 * @param fingerprint what it must still be when it is written to; null when nothing is to be written
 * @param keptIn the region that it reports, in lower case; empty when it reports none
 */
record Backend(
        Instance instance, Definition definition, @Nullable Digest fingerprint, Optional<String> keptIn) {}
