package io.maestro.adapter.storage.azure;

/**
 * Names of metadata as Azure takes them, which have to be identifiers: a hyphen becomes an underscore, and an underscore
 * comes before a digit at the beginning. The contract's names have no underscores, so both can be undone.
 */
final class MetadataNames {
    static final String PREFIX = "x-ms-meta-";

    private MetadataNames() {}

    static String encode(String name) {
        String encoded = name.replace('-', '_');
        return Character.isDigit(encoded.charAt(0)) ? "_" + encoded : encoded;
    }

    static String decode(String encoded) {
        String name = encoded.startsWith("_") ? encoded.substring(1) : encoded;
        return name.replace('_', '-');
    }
}
