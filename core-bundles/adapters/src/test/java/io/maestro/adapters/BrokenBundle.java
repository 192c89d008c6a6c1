package io.maestro.adapters;

import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.HangingFactory;
import io.maestro.adapters.samples.SpyFactory;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.adapters.samples.ThrowingFactory;
import io.maestro.api.adapters.CauseCode;
import java.util.List;

/**
 * A bundle that does not come up.
 *
 * @param code the kind of what keeps it from that
 * @param evidence a part of what is told besides
 */
record BrokenBundle(String name, CauseCode code, String evidence, SampleBundle bundle) {
    private static final String SPI = "io.maestro.adapter.spi,io.maestro.adapter.spi.storage,io.maestro.model";

    static List<BrokenBundle> all() {
        return List.of(
                new BrokenBundle(
                        "missing",
                        CauseCode.PACKAGE_MISSING,
                        "\"package\":\"com.example.tools\"",
                        imports("com.example.tools")),
                new BrokenBundle(
                        "missing-from",
                        CauseCode.PACKAGE_MISSING,
                        "from version 2.1",
                        imports("com.example.tools;version=\"[2.1,3)\"")),
                new BrokenBundle(
                        "not-for-adapters",
                        CauseCode.PACKAGE_MISSING,
                        "\"allowed\":false",
                        imports("io.maestro.api.adapters")),
                new BrokenBundle(
                        "framework", CauseCode.PACKAGE_MISSING, "org.osgi.framework", imports("org.osgi.framework")),
                new BrokenBundle(
                        "contract-too-new",
                        CauseCode.PACKAGE_VERSION,
                        "\"offered\":[\"1.0.0\"]",
                        sample().header(
                                        "Import-Package",
                                        "io.maestro.adapter.spi;version=\"[2.0,3)\",io.maestro.adapter.spi.storage")),
                new BrokenBundle(
                        "contract-too-old",
                        CauseCode.PACKAGE_VERSION,
                        "below 1.0",
                        sample().header(
                                        "Import-Package",
                                        "io.maestro.adapter.spi;version=\"[0.1,1.0)\",io.maestro.adapter.spi.storage")),
                new BrokenBundle(
                        "contract-exactly",
                        CauseCode.PACKAGE_VERSION,
                        "\"package\":\"io.maestro.model\"",
                        sample().header(
                                        "Import-Package",
                                        "io.maestro.adapter.spi,io.maestro.model;version=\"[1.4.2,1.4.2]\"")),
                new BrokenBundle(
                        "java",
                        CauseCode.JAVA_VERSION,
                        "\"wanted\":\"99\"",
                        sample().header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")),
                new BrokenBundle(
                        "capability",
                        CauseCode.CAPABILITY_MISSING,
                        "\"kind\":\"com.acme.thing\"",
                        sample().header("Require-Capability", "com.acme.thing;filter:=\"(name=x)\"")),
                new BrokenBundle(
                        "bundle",
                        CauseCode.CAPABILITY_MISSING,
                        "osgi.wiring.bundle",
                        sample().header("Require-Bundle", "org.apache.felix.scr")),
                new BrokenBundle(
                        "fragment",
                        CauseCode.BUNDLE_FAILED,
                        "thrown",
                        new SampleBundle("fragment", "1.0.0").header("Fragment-Host", "com.acme.other")),
                new BrokenBundle(
                        "activator",
                        CauseCode.CLASS_MISSING,
                        "com.acme.Start",
                        sample().header("Bundle-Activator", "com.acme.Start")),
                new BrokenBundle(
                        "throws",
                        CauseCode.FACTORY_FAILED,
                        "the licence is missing",
                        new SampleBundle("throws", "1.0.0").factory(ThrowingFactory.class)),
                new BrokenBundle(
                        "throws-at-once",
                        CauseCode.FACTORY_FAILED,
                        "the licence is missing",
                        new SampleBundle("throws", "1.0.0").factory(ThrowingFactory.class, "immediate=\"true\"", "")),
                new BrokenBundle(
                        "hangs",
                        CauseCode.BUNDLE_HANGS,
                        "\"seconds\":",
                        new SampleBundle("hangs", "1.0.0").factory(HangingFactory.class)),
                new BrokenBundle(
                        "class",
                        CauseCode.CLASS_MISSING,
                        "EchoStorage",
                        new SampleBundle("class", "1.0.0").factory(EchoFactory.class)),
                new BrokenBundle("none", CauseCode.FACTORY_MISSING, "{}", new SampleBundle("none", "1.0.0")),
                new BrokenBundle(
                        "two", CauseCode.FACTORY_AMBIGUOUS, "\"factories\":2", sample().factory(SpyFactory.class)),
                new BrokenBundle(
                        "waits",
                        CauseCode.FACTORY_WAITS,
                        "\"interface\":\"java.lang.Runnable\"",
                        new SampleBundle("waits", "1.0.0")
                                .factory(
                                        EchoFactory.class,
                                        "",
                                        "<reference name=\"work\" interface=\"java.lang.Runnable\"/>")),
                new BrokenBundle(
                        "server-only",
                        CauseCode.PACKAGE_MISSING,
                        "\"allowed\":false",
                        imports("io.maestro.api.adapters;version=\"[1.0,2)\"")),
                new BrokenBundle(
                        "two-missing",
                        CauseCode.PACKAGE_MISSING,
                        "com.example.",
                        imports("com.example.one,com.example.two")),
                new BrokenBundle(
                        "newer-java",
                        CauseCode.JAVA_VERSION,
                        "\"wanted\":\"42\"",
                        sample().header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=42))\"")),
                new BrokenBundle(
                        "other-bundle",
                        CauseCode.CAPABILITY_MISSING,
                        "osgi.wiring.bundle",
                        sample().header("Require-Bundle", "com.acme.library;bundle-version=\"[1,2)\"")),
                new BrokenBundle(
                        "waits-for-two",
                        CauseCode.FACTORY_WAITS,
                        "\"interface\":\"java.lang.Comparable\"",
                        new SampleBundle("waits", "1.0.0")
                                .factory(
                                        EchoFactory.class,
                                        "",
                                        "<reference name=\"order\" interface=\"java.lang.Comparable\"/>")));
    }

    private static SampleBundle sample() {
        return new SampleBundle("sample", "1.0.0")
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class);
    }

    private static SampleBundle imports(String clause) {
        return sample().header("Import-Package", SPI + "," + clause);
    }
}
