/**
 * The adapter {@code storage-azure}: objects in a container of Azure Blob Storage.
 *
 * <p>Speaks the Blob service's REST protocol over the host's HTTP client and signs with the account's key. Nothing is held in
 * memory but one block of content on its way in. Owns no thread, and tries
 * nothing again that the service has answered.
 */
@NullMarked
package io.maestro.adapter.storage.azure;

import org.jspecify.annotations.NullMarked;
