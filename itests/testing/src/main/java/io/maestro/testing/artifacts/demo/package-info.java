/**
 * A storage adapter that keeps its objects in memory, and some that misbehave. Their class files are packed into the
 * jars that {@link io.maestro.testing.artifacts.AdapterJar} makes, so they see nothing but what an adapter may see.
 */
@NullMarked
package io.maestro.testing.artifacts.demo;

import org.jspecify.annotations.NullMarked;
