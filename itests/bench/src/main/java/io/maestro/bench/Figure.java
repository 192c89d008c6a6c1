package io.maestro.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * One line of the table.
 *
 * @param what was measured
 * @param seen the figure
 * @param aim what it should be
 * @param met whether it is
 * @param how it was measured
 */
record Figure(String what, String seen, String aim, boolean met, String how) {
    static Figure atMost(String what, double seen, double aim, String unit, String how) {
        return new Figure(what, text(seen) + unit, "≤ " + text(aim) + unit, seen <= aim, how + miss(seen / aim));
    }

    static Figure atLeast(String what, double seen, double aim, String unit, String how) {
        return new Figure(what, text(seen) + unit, "≥ " + text(aim) + unit, seen >= aim, how + miss(aim / seen));
    }

    /** A figure that is there to compare with. */
    static Figure beside(String what, double seen, String unit, String how) {
        return new Figure(what, text(seen) + unit, "", true, how);
    }

    /** A figure that could not be taken, with the reason. */
    static Figure missing(String what, String aim, String why) {
        return new Figure(what, "not measured", aim, false, why);
    }

    private static String miss(double times) {
        return times > 1 && Double.isFinite(times)
                ? String.format(Locale.ROOT, "; missed by %.0f %%", (times - 1) * 100)
                : "";
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** The value below which {@code share} of the samples lie. */
    static double percentile(double[] samples, double share) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * share) - 1)];
    }

    static double median(double[] samples) {
        return percentile(samples, 0.5);
    }
}
