using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>A trade within a venue's event.</summary>
internal readonly record struct MarketTrade(long PriceE9, int Quantity, Side Aggressor);
