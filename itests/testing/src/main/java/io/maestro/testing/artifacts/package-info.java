/**
 * Adapter artifacts made for tests: good ones, and one of every bad kind that the server refuses.
 *
 * <p>{@link io.maestro.testing.artifacts.AdapterJar} is the recipe of one jar, {@link
 * io.maestro.testing.artifacts.TestPublisher} signs it, {@link io.maestro.testing.artifacts.ArtifactForge} knows the bad
 * ones with the code of the problem that each must bring. Nothing here starts a process or needs a network.
 */
@NullMarked
package io.maestro.testing.artifacts;

import org.jspecify.annotations.NullMarked;
