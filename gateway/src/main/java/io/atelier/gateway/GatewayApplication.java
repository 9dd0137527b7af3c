package io.atelier.gateway;

import io.atelier.gateway.deadletters.KafkaDeadLetterConfiguration;
import io.atelier.gateway.erasure.ErasureConfiguration;
import io.atelier.gateway.firehose.KafkaFirehoseConfiguration;
import io.atelier.gateway.intake.KafkaIntakeConfiguration;
import io.atelier.gateway.janitor.JanitorConfiguration;
import io.atelier.gateway.lifecycle.LifecycleConfiguration;
import io.atelier.gateway.probes.KafkaProbeConfiguration;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.clock.ClockWatch;
import io.atelier.storage.StorageConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** The gateway as a process of its own, and its wiring: settings come from {@code gateway.yml} and the environment. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    ErasureConfiguration.class,
    HttpConfiguration.class,
    JanitorConfiguration.class,
    KafkaDeadLetterConfiguration.class,
    KafkaFirehoseConfiguration.class,
    KafkaIntakeConfiguration.class,
    KafkaProbeConfiguration.class,
    LifecycleConfiguration.class,
    MessagingConfiguration.class,
    StorageConfiguration.class
})
public final class GatewayApplication {

    private GatewayApplication() {}

    /** The application, not yet started, so that others can run it inside their JVM. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(GatewayApplication.class)
                .properties("spring.config.name=gateway")
                .web(WebApplicationType.REACTIVE);
    }

    public static void main(String[] arguments) {
        ClockWatch.start();
        application().run(arguments);
    }
}
