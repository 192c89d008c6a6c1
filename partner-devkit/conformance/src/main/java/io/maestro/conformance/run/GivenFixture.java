package io.maestro.conformance.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a kit its fixture, of the jar and the file that the parameters of the run name. Both are opened once; the adapter is closed with
 * the run.
 *
 * @param <F> the fixture's type
 */
abstract class GivenFixture<F> implements ParameterResolver {
    private final Class<F> type;

    GivenFixture(Class<F> type) {
        this.type = type;
    }

    abstract F fixture(ExtensionContext context);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return fixture(context);
    }

    static PackedAdapter adapter(ExtensionContext context) {
        return store(context)
                .computeIfAbsent(
                        PackedAdapter.class,
                        key -> {
                            try {
                                return PackedAdapter.open(path(context, KitRun.JAR), path(context, KitRun.FOLDER));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        PackedAdapter.class);
    }

    static <P> P peer(ExtensionContext context, Class<P> type) {
        return store(context)
                .computeIfAbsent(
                        type,
                        key -> {
                            try {
                                return PeerFile.read(path(context, KitRun.PEER), type);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        type);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
    }

    private static Path path(ExtensionContext context, String parameter) {
        return Path.of(context.getConfigurationParameter(parameter).orElseThrow());
    }
}
