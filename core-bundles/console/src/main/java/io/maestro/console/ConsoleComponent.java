package io.maestro.console;

import io.maestro.api.http.StaticContent;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** Offers the console below {@code /console/}. Reads nothing before somebody asks for a page. */
@Component(service = StaticContent.class)
public final class ConsoleComponent implements StaticContent {
    private static final String PREFIX = "/console/";

    private volatile @Nullable BuiltFiles files;

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public @Nullable Asset asset(String path) {
        BuiltFiles known = files;
        if (known == null) {
            // threads that race read the same
            known = BuiltFiles.read();
            files = known;
        }
        return known.asset(path);
    }
}
