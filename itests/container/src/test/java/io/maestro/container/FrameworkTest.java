package io.maestro.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.node.NodeSettings;
import java.util.Arrays;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

@RunWith(PaxExam.class)
public class FrameworkTest {
    @Inject
    private BundleContext context;

    @Configuration
    public Option[] framework() {
        return Distribution.upTo(2, FrameworkTest.class);
    }

    @Test
    public void bundlesOfTheDistributionAreActive() {
        assertThat(context.getBundles())
                .allSatisfy(bundle -> assertThat(bundle.getState())
                        .as(bundle.getSymbolicName())
                        .isEqualTo(Bundle.ACTIVE));
        assertThat(Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName))
                .contains("org.apache.felix.scr", "io.maestro.store");
    }

    @Test
    public void testRunsInsideTheFramework() {
        assertThat(FrameworkUtil.getBundle(FrameworkTest.class)).isNotNull();
        assertThat(NodeSettings.class.getClassLoader()).isSameAs(ClassLoader.getSystemClassLoader());
    }
}
