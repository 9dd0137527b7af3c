package io.atelier.gateway.upkeep;

import io.atelier.gateway.files.ExpiredFileSweep;
import io.atelier.gateway.files.FileProperties;
import io.atelier.gateway.files.FileRepository;
import io.atelier.gateway.upkeep.erasure.Eraser;
import io.atelier.gateway.upkeep.erasure.ErasureLag;
import io.atelier.gateway.upkeep.erasure.ErasureRetryCustomizer;
import io.atelier.gateway.upkeep.files.FileSweepScheduler;
import io.atelier.gateway.upkeep.janitor.Janitor;
import io.atelier.gateway.upkeep.janitor.JanitorProperties;
import io.atelier.gateway.upkeep.janitor.OrphanSweepScheduler;
import io.atelier.gateway.upkeep.publication.CopyRemoval;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.function.Consumer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Beans that delete what is not needed any more, in every gateway: the eraser follows events, the janitor sweeps the images, another sweep the uploaded
 * files. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({FileProperties.class, JanitorProperties.class})
public class UpkeepConfiguration {

    /** The group in lifecycle.yml, in which each event is received by one gateway. */
    private static final String ERASERS = "erasers";

    @Bean
    CopyRemoval copyRemoval(ObjectStore store, ObjectPublisher publisher) {
        return new CopyRemoval(store, publisher);
    }

    /** Bound by its name in lifecycle.yml. */
    @Bean
    Consumer<Message<byte[]>> eraser(ObjectStore store, CopyRemoval copies, MeterRegistry meters) {
        return new Eraser(store, copies, meters);
    }

    @Bean
    ErasureLag erasureLag(KafkaClientFactory clients, MeterRegistry meters) {
        return new ErasureLag(clients, ERASERS, meters);
    }

    @Bean
    ErasureRetryCustomizer erasureRetryCustomizer() {
        return new ErasureRetryCustomizer(ERASERS);
    }

    @Bean
    OrphanSweepScheduler orphanSweepScheduler(
            ObjectStore store,
            CopyRemoval copies,
            Jobs jobs,
            JanitorProperties properties,
            Clock clock,
            MeterRegistry meters) {
        var janitor = new Janitor(store, copies, jobs, properties, clock);
        return new OrphanSweepScheduler(janitor, properties.interval(), meters);
    }

    @Bean
    FileSweepScheduler fileSweepScheduler(
            ObjectStore store, FileProperties files, JanitorProperties janitor, Clock clock, MeterRegistry meters) {
        var sweep = new ExpiredFileSweep(
                store, new FileRepository(store, clock), files.gracePeriod(), files.tombstoneTtl(), clock);
        return new FileSweepScheduler(sweep, files.sweepInterval(), janitor.pageInterval(), meters);
    }
}
