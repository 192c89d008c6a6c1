/**
 * Secrets as rows of the schema {@code secrets}: values sealed by a data key of their scope, data keys wrapped by a master
 * key that is not in the database. Owns one virtual thread, which finishes at the start what was broken off.
 */
@NullMarked
package io.maestro.secrets;

import org.jspecify.annotations.NullMarked;
