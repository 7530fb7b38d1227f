// A service of another language: a trace of two spans and a counter, by OpenTelemetry's own SDK for Go. Where to and in
// which form it sends is said by OTEL_EXPORTER_OTLP_ENDPOINT; it prints the id of its trace.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	name := resource.NewSchemaless(attribute.String("service.name", "pricing-go"))
	spans, err := otlptracehttp.New(ctx)
	if err != nil {
		return err
	}
	tracing := trace.NewTracerProvider(trace.WithBatcher(spans), trace.WithResource(name))
	points, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return err
	}
	metering := metric.NewMeterProvider(metric.WithReader(metric.NewPeriodicReader(points)), metric.WithResource(name))

	tracer := tracing.Tracer("pricing")
	ctx, price := tracer.Start(ctx, "price BTC/USDT")
	price.SetAttributes(attribute.String("trading.symbol", "BTC/USDT"), attribute.String("api_key", "planted-go-secret"))
	_, query := tracer.Start(ctx, "SELECT quotes")
	query.RecordError(errors.New("no quote"))
	query.SetStatus(codes.Error, "no quote")
	query.End()
	price.End()
	quotes, err := metering.Meter("pricing").Int64Counter("quotes_total")
	if err != nil {
		return err
	}
	quotes.Add(ctx, 3)
	fmt.Println(price.SpanContext().TraceID())
	return errors.Join(tracing.Shutdown(ctx), metering.Shutdown(ctx))
}
