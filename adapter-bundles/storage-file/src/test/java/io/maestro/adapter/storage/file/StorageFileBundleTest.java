package io.maestro.adapter.storage.file;

import io.maestro.testing.bundle.AdapterBundleContract;

final class StorageFileBundleTest extends AdapterBundleContract {}
