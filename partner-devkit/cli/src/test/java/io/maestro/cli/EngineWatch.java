package io.maestro.cli;

import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads the command anew and notes which classes of the policy engine that needs. */
final class EngineWatch extends URLClassLoader {
    private final List<String> loaded = new ArrayList<>();

    private EngineWatch(URL[] urls) {
        super(urls, ClassLoader.getPlatformClassLoader());
    }

    static EngineWatch overThisClassPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new EngineWatch(urls.toArray(URL[]::new));
    }

    /** Runs one command. */
    int run(String... arguments) throws ReflectiveOperationException {
        Class<?> terminal = loadClass(Terminal.class.getName());
        Method system = terminal.getDeclaredMethod("system");
        Method run = loadClass(Maestro.class.getName()).getDeclaredMethod("run", terminal, String[].class);
        system.setAccessible(true);
        run.setAccessible(true);
        return (int) run.invoke(null, system.invoke(null), arguments);
    }

    List<String> loaded() {
        return loaded;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.startsWith("io.maestro.rego.")) {
            loaded.add(name);
        }
        return super.findClass(name);
    }
}
