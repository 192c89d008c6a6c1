/**
 * Starts a node: takes the data folder, starts the embedded database beside the framework, hands both to the bundles as
 * {@link io.maestro.api.node.NodeSettings}, and stops everything in the opposite order. The only package that knows how a
 * process begins and ends; it runs on the class path, outside of the framework.
 */
@NullMarked
package io.maestro.launcher;

import org.jspecify.annotations.NullMarked;
