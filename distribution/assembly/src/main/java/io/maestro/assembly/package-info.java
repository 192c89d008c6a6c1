/**
 * Builds the folder that runs, from what Maven has put into the staging folder: lays out jars, works out which packages the
 * libraries lend to the bundles, signs the shipped adapters, unpacks the database, and trains the virtual machine. Files
 * that did not change are not touched, so that a second build leaves a recorded AOT cache valid.
 */
@NullMarked
package io.maestro.assembly;

import org.jspecify.annotations.NullMarked;
