package io.maestro.cli;

import io.maestro.cli.Output.Column;
import io.maestro.model.AdapterName;
import io.maestro.model.TypeName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which instances, and in which order. */
final class InstanceFilter {
    static final List<Column> COLUMNS = List.of(
            Column.of("INSTANCE", "/id"),
            Column.of("ADAPTER", "/adapter"),
            Column.of("TYPE", "/type"),
            Column.of("WANTED", "/wanted"),
            Column.of("OBSERVED", "/observed"),
            Column.of("PROBLEM", "/problem/code"));

    @Option(names = "--type", paramLabel = "TYPE", description = "Only of this adapter type.")
    private @Nullable String type;

    @Option(names = "--adapter", paramLabel = "NAME", description = "Only of this adapter, whatever the version.")
    private @Nullable String adapter;

    @Option(names = "--wanted", paramLabel = "STATE", description = "Only wanted so: running or stopped.")
    private @Nullable String wanted;

    @Option(
            names = "--observed",
            paramLabel = "STATE",
            description = "Only observed so: pending, running, stopped or failed.")
    private @Nullable String observed;

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            description = "name, updatedAt or adapter; with a hyphen before it the other way round (name).")
    private @Nullable String sort;

    Filter of(String path) {
        return Filter.of(path)
                .with("type", type == null ? null : new TypeName(type))
                .with("adapter", adapter == null ? null : new AdapterName(adapter))
                .with("wanted", wanted)
                .with("observed", observed)
                .with("sort", sort);
    }
}
