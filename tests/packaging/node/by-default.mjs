const { isScribeError, openStore, ScribeError } = await import(process.argv[2]);

try {
  await openStore();
  console.log(JSON.stringify("a store was opened"));
} catch (error) {
  console.log(
    JSON.stringify({
      isScribeError: isScribeError(error) && error instanceof ScribeError,
      code: error.code,
      retryable: error.retryable,
      message: error.message,
    }),
  );
}
