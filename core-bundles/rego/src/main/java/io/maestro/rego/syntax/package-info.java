/** From source text to a syntax tree: lexer, parser, annotations, formatter. */
@NullMarked
@Version("1.0.0")
package io.maestro.rego.syntax;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
