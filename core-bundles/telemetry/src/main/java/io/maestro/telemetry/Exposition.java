package io.maestro.telemetry;

import io.maestro.api.telemetry.Metrics.Format;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Writes metrics in Prometheus' text format, version 0.0.4, or in that of OpenMetrics, version 1.0.0: the series of a metric in the order of their tags. */
final class Exposition {
    private static final System.Logger LOG = System.getLogger(Exposition.class.getName());

    private static final String TOTAL = "_total";

    private final Appendable out;
    private final Format format;

    Exposition(Appendable out, Format format) {
        this.out = out;
        this.format = format;
    }

    void write(Family<?> family) throws IOException {
        List<? extends Map.Entry<List<String>, ? extends Series>> all = family.series().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparing((List<String> values) -> String.join(" ", values))))
                .toList();
        if (all.isEmpty()) {
            return;
        }
        head(family);
        String name = family.name();
        for (Map.Entry<List<String>, ? extends Series> one : all) {
            String labels = labels(family.tags(), one.getKey());
            switch (one.getValue()) {
                case Series.Count count -> sample(name, labels, Long.toString(count.value()));
                case Series.Asked asked -> asked(name, labels, asked);
                case Series.Buckets buckets -> buckets(name, labels, buckets);
            }
        }
    }

    /** All series of a metric as one without tags; costs an addition for each, and no text. */
    void writeSum(Family<?> family) throws IOException {
        Collection<? extends Series> all = family.series().values();
        if (all.isEmpty()) {
            return;
        }
        head(family);
        long count = 0;
        double asked = 0;
        boolean answered = false;
        Series.Buckets buckets = new Series.Buckets();
        for (Series one : all) {
            switch (one) {
                case Series.Count some -> count += some.value();
                case Series.Asked gauge -> {
                    OptionalDouble value = value(family.name(), gauge);
                    asked += value.orElse(0);
                    answered |= value.isPresent();
                }
                case Series.Buckets some -> buckets.addAll(some);
            }
        }
        if (family.kind() == Series.Count.class) {
            sample(family.name(), "", Long.toString(count));
        } else if (family.kind() == Series.Asked.class) {
            if (answered) {
                sample(family.name(), "", number(asked));
            }
        } else {
            buckets(family.name(), "", buckets);
        }
    }

    private void head(Family<?> family) throws IOException {
        String name = family.name();
        String described = described(name);
        // OpenMetrics has quotes in a help escaped, the other format has not
        String help = escaped(family.help(), format == Format.OPEN_METRICS);
        out.append("# HELP ").append(described).append(' ').append(help);
        out.append("\n# TYPE ")
                .append(described)
                .append(' ')
                .append(type(family))
                .append('\n');
    }

    /** What ends the text. */
    void end() throws IOException {
        if (format == Format.OPEN_METRICS) {
            out.append("# EOF\n");
        }
    }

    /** A counter is described in OpenMetrics without the end of its samples' name. */
    private String described(String name) {
        return format == Format.OPEN_METRICS && name.endsWith(TOTAL)
                ? name.substring(0, name.length() - TOTAL.length())
                : name;
    }

    /** The bound of a bucket; OpenMetrics has all of them with a fraction. */
    private String bound(int bucket) {
        String number = number(Series.Buckets.bound(bucket));
        return format == Format.OPEN_METRICS && number.indexOf('.') < 0 ? number + ".0" : number;
    }

    private static String type(Family<?> family) {
        if (family.kind() == Series.Count.class) {
            return "counter";
        }
        return family.kind() == Series.Asked.class ? "gauge" : "histogram";
    }

    private void asked(String name, String labels, Series.Asked asked) throws IOException {
        OptionalDouble value = value(name, asked);
        if (value.isPresent()) {
            sample(name, labels, number(value.getAsDouble()));
        }
    }

    /** One that cannot say its value is left out, and the others are shown. */
    private static OptionalDouble value(String name, Series.Asked asked) {
        try {
            return OptionalDouble.of(asked.value().getAsDouble());
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "the gauge " + name + " has no value", e);
            return OptionalDouble.empty();
        }
    }

    private void buckets(String name, String labels, Series.Buckets buckets) throws IOException {
        String more = labels.isEmpty() ? "" : labels + ",";
        long count = 0;
        for (int bucket = 0; bucket < Series.Buckets.bounds(); bucket++) {
            count += buckets.count(bucket);
            sample(name + "_bucket", more + "le=\"" + bound(bucket) + "\"", Long.toString(count));
        }
        count += buckets.count(Series.Buckets.bounds());
        sample(name + "_bucket", more + "le=\"+Inf\"", Long.toString(count));
        sample(name + "_sum", labels, number(buckets.sum()));
        sample(name + "_count", labels, Long.toString(count));
    }

    private void sample(String name, String labels, String value) throws IOException {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(value).append('\n');
    }

    private static String labels(List<String> tags, List<String> values) {
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < tags.size(); i++) {
            labels.append(i == 0 ? "" : ",")
                    .append(tags.get(i))
                    .append("=\"")
                    .append(escaped(values.get(i), true))
                    .append('"');
        }
        return labels.toString();
    }

    private static String escaped(String text, boolean quoted) {
        String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
        return quoted ? escaped.replace("\"", "\\\"") : escaped;
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
