package io.atelier.generator;

import io.atelier.generator.preview.PreviewStage;
import io.atelier.generator.preview.WantedPreviews;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.cancellation.WorkerCommands;
import io.atelier.worker.task.WorkerProperties;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Previews of unfinished images, as gateways request them. */
@Configuration(proxyBeanMethods = false)
class PreviewConfiguration {

    @Bean
    PreviewStage previewStage(WorkerCommands commands, ObjectStore store, WorkerProperties work) {
        var wanted = new WantedPreviews(Clock.systemUTC());
        commands.onCommand(wanted::obey);
        return new PreviewStage(wanted, store, work.markImages());
    }
}
