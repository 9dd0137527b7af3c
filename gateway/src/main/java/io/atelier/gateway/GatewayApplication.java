package io.atelier.gateway;

import io.atelier.gateway.api.ApiConfiguration;
import io.atelier.gateway.api.ApiKafkaConfiguration;
import io.atelier.gateway.faces.FacesConfiguration;
import io.atelier.gateway.lifecycle.LifecycleConfiguration;
import io.atelier.gateway.lifecycle.PublishedJobs;
import io.atelier.gateway.streams.RocksDbLibrary;
import io.atelier.gateway.streams.StreamsConfiguration;
import io.atelier.gateway.upkeep.UpkeepConfiguration;
import io.atelier.gateway.view.ViewConfiguration;
import io.atelier.gateway.view.ViewKafkaConfiguration;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.webhooks.WebhookConfiguration;
import io.atelier.http.HttpConfiguration;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.clock.ClockRollbackWatchdog;
import io.atelier.messaging.process.NativeLibraries;
import io.atelier.messaging.process.ProcessLocale;
import io.atelier.storage.PublishingConfiguration;
import io.atelier.storage.StorageConfiguration;
import java.time.Clock;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The Spring Boot application of the gateway and its main method. Settings come from {@code gateway.yml} and the environment. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    ApiConfiguration.class,
    ApiKafkaConfiguration.class,
    FacesConfiguration.class,
    HttpConfiguration.class,
    LifecycleConfiguration.class,
    MessagingConfiguration.class,
    PublishingConfiguration.class,
    StorageConfiguration.class,
    StreamsConfiguration.class,
    UpkeepConfiguration.class,
    ViewConfiguration.class,
    ViewKafkaConfiguration.class,
    WebhookConfiguration.class
})
public final class GatewayApplication {

    private GatewayApplication() {}

    @Bean
    static Clock clock() {
        return Clock.systemUTC();
    }

    /** The view, for the comparison of published states with those of the lifecycle, which does not know its readers. */
    @Bean
    static PublishedJobs publishedJobs(Jobs jobs, Backlog backlog) {
        return new JobsInView(jobs, backlog);
    }

    /** The application, not started, so that a test or the standalone command can run it in its JVM. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(GatewayApplication.class)
                .properties("spring.config.name=gateway")
                .bannerMode(Banner.Mode.OFF)
                .web(WebApplicationType.REACTIVE);
    }

    public static void main(String[] arguments) {
        ProcessLocale.useRoot();
        ClockRollbackWatchdog.start();
        RocksDbLibrary.load(NativeLibraries.folder(System.getenv()));
        application().run(arguments);
    }
}
