/** The signer: a process apart from the server that holds a key and signs receipts with it. */
@NullMarked
package io.maestro.signer;

import org.jspecify.annotations.NullMarked;
