package io.maestro.trust;

/**
 * How much of an artifact is put up with.
 *
 * @param artifactBytes the whole file
 * @param entries how many entries it has
 * @param inflatedBytes all entries unpacked
 * @param ratio how many times its packed size an entry may unpack to, beyond its first megabyte
 * @param manifestBytes the adapter manifest
 */
public record InspectionLimits(long artifactBytes, int entries, long inflatedBytes, int ratio, int manifestBytes) {
    /** 64 MiB, 20,000 entries, 512 MiB unpacked, 200 times, 256 KiB. */
    public static final InspectionLimits USUAL = new InspectionLimits(64L << 20, 20_000, 512L << 20, 200, 256 << 10);
}
