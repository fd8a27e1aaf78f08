/** For `onformdata` of a filter form: an address that people share says only what was chosen. */
export function leaveOutEmpty({ formData }: FormDataEvent): void {
	const empty = [...formData].filter(([, value]) => value === '').map(([name]) => name);
	for (const name of empty) formData.delete(name);
}
