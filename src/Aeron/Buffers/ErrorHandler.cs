namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>The delegate form of <see cref="IErrorHandler"/>.</summary>
public delegate void ErrorHandler(Exception exception);
