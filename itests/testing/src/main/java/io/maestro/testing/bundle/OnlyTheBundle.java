package io.maestro.testing.bundle;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Loads an adapter as the framework will: the contract and the platform come from outside, everything else has to be in
 * the bundle. Libraries that are on the class path of the test only are not found.
 */
public final class OnlyTheBundle extends URLClassLoader {
    /** Over the bundle's content, as the build has it before it is packed. */
    public OnlyTheBundle(Path content) throws MalformedURLException {
        super(new URL[] {content.toUri().toURL()}, new ContractAndPlatform());
    }

    private static final class ContractAndPlatform extends ClassLoader {
        ContractAndPlatform() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("io.maestro.adapter.spi.") || name.startsWith("io.maestro.model.")) {
                return OnlyTheBundle.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
