package io.atelier.gateway.webhooks;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Beans that send messages to webhooks, in every gateway that has a secret for them. Needs {@code MessagingConfiguration}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
public class WebhookConfiguration {}
